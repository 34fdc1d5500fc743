// Signs requests for Kayako Classic through libkayako_sign, by P/Invoke.
//
//     mcs KayakoSign.cs && KAYAKO_API_KEY=... KAYAKO_SECRET_KEY=... mono KayakoSign.exe
using System;
using System.Runtime.InteropServices;
using System.Text;
using Size = System.UIntPtr;

/// <summary>An error of the library, with its status.</summary>
public sealed class KayakoSignException : ArgumentException
{
    public readonly int Status;

    internal KayakoSignException(int status, string message) : base(message) => Status = status;
}

/// <summary>Signs with an API key and a secret key. Threads may share a signer.</summary>
public sealed class KayakoSigner : SafeHandle
{
    private const string Library = "libkayako_sign.so.0";
    private const int Ok = 0;

    [DllImport(Library)] private static extern int kayako_signer_new(
        byte[] apiKey, Size apiKeyLen, byte[] secretKey, Size secretKeyLen, out KayakoSigner signer);
    [DllImport(Library)] private static extern void kayako_signer_free(IntPtr signer);
    [DllImport(Library)] private static extern Size kayako_signer_insertion_max(KayakoSigner signer);
    [DllImport(Library)] private static extern int kayako_signer_sign(
        KayakoSigner signer, byte[] salt, Size saltLen, byte[] text, Size cap, out Size length);
    [DllImport(Library)] private static extern int kayako_signer_credentials(
        KayakoSigner signer, byte[] text, Size cap, out Size length);
    [DllImport(Library)] private static extern int kayako_signer_sign_url(
        KayakoSigner signer, byte[] url, Size urlLen, byte[] text, Size cap, out Size length);
    [DllImport(Library)] private static extern int kayako_signer_verify(
        KayakoSigner signer, byte[] salt, Size saltLen, byte[] signature, Size signatureLen);
    [DllImport(Library)] private static extern IntPtr kayako_status_message(int status);
    [DllImport(Library)] private static extern Size kayako_signature_len();

    private delegate int Writer(byte[] text, Size cap, out Size length);

    private KayakoSigner() : base(IntPtr.Zero, true) { }

    public override bool IsInvalid => handle == IntPtr.Zero;

    /// <summary>Makes a signer. It copies the keys, so wipe your own.</summary>
    public static KayakoSigner Create(byte[] apiKey, byte[] secretKey)
    {
        Check(kayako_signer_new(apiKey, SizeOf(apiKey), secretKey, SizeOf(secretKey), out KayakoSigner signer));
        return signer;
    }

    /// <summary>Returns the signature of a salt, as base64.</summary>
    public string Sign(byte[] salt) => Text((int)kayako_signature_len(), (byte[] text, Size cap, out Size length) =>
        kayako_signer_sign(this, salt, SizeOf(salt), text, cap, out length));

    /// <summary>Returns apikey=...&amp;salt=...&amp;signature=... with a fresh salt, for one request.</summary>
    public string Credentials() => Text(Room, (byte[] text, Size cap, out Size length) =>
        kayako_signer_credentials(this, text, cap, out length));

    /// <summary>Returns the URL of a GET or DELETE request with credentials in it, for one request.</summary>
    public string SignUrl(string url)
    {
        byte[] bytes = Bytes(url);
        return Text(bytes.Length + Room, (byte[] text, Size cap, out Size length) =>
            kayako_signer_sign_url(this, bytes, SizeOf(bytes), text, cap, out length));
    }

    /// <summary>Returns whether a signature is that of a salt; false for any error, too.</summary>
    public bool Verify(byte[] salt, byte[] signature) =>
        kayako_signer_verify(this, salt, SizeOf(salt), signature, SizeOf(signature)) == Ok;

    protected override bool ReleaseHandle()
    {
        kayako_signer_free(handle);
        return true;
    }

    private int Room => (int)kayako_signer_insertion_max(this);

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static byte[] Key(string name) => Bytes(Environment.GetEnvironmentVariable(name) ?? "");

    private static Size SizeOf(byte[] bytes) => (Size)bytes.Length;

    private static void Check(int status)
    {
        if (status != Ok)
        {
            throw new KayakoSignException(status, Marshal.PtrToStringAnsi(kayako_status_message(status)));
        }
    }

    /// <summary>Calls a function that writes a text of at most <c>max</c> bytes.</summary>
    private static string Text(int max, Writer write)
    {
        var text = new byte[max + 1];
        Check(write(text, SizeOf(text), out Size length));
        return Encoding.UTF8.GetString(text, 0, (int)length);
    }

    public static void Main()
    {
        using (KayakoSigner signer = Create(Key("KAYAKO_API_KEY"), Key("KAYAKO_SECRET_KEY")))
        {
            string signature = signer.Sign(Bytes("1234567890"));
            Console.WriteLine("signature: " + signature);
            Console.WriteLine("credentials: " + signer.Credentials());
            Console.WriteLine("URL: " + signer.SignUrl("https://help.example.com/api/index.php?/Base/User/1"));
            Console.WriteLine("verified: " + signer.Verify(Bytes("1234567890"), Bytes(signature)));
            try { signer.Sign(Bytes("")); }
            catch (KayakoSignException error) { Console.WriteLine("error: " + error.Message); }
        }
    }
}
