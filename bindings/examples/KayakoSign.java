import com.sun.jna.IntegerType;
import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import java.nio.charset.StandardCharsets;

/**
 * Signs requests for Kayako Classic through libkayako_sign, by JNA. Threads may share a signer.
 *
 * <pre>KAYAKO_API_KEY=... KAYAKO_SECRET_KEY=... java -cp .:/usr/share/java/jna.jar KayakoSign</pre>
 */
public final class KayakoSign implements AutoCloseable {
    /** The functions of kayako_sign.h that are used here. */
    private interface C extends Library {
        int kayako_signer_new(byte[] apiKey, Size len, byte[] secretKey, Size secretLen, PointerByReference signer);
        void kayako_signer_free(Pointer self);
        Size kayako_signer_insertion_max(Pointer self);
        int kayako_signer_sign(Pointer self, byte[] salt, Size len, byte[] out, Size cap, PointerByReference outLen);
        int kayako_signer_credentials(Pointer self, byte[] out, Size cap, PointerByReference outLen);
        int kayako_signer_sign_url(Pointer self, byte[] url, Size len, byte[] out, Size cap, PointerByReference outLen);
        int kayako_signer_verify(Pointer self, byte[] salt, Size saltLen, byte[] signature, Size len);
        String kayako_status_message(int status);
        Size kayako_signature_len();
    }

    private static final C LIBRARY = Native.load("kayako_sign", C.class);
    private static final int OK = 0;

    private final int room;
    private Pointer handle;

    /** Makes a signer. It copies the keys, so wipe your own. */
    public KayakoSign(byte[] apiKey, byte[] secretKey) {
        PointerByReference made = new PointerByReference();
        check(LIBRARY.kayako_signer_new(apiKey, size(apiKey), secretKey, size(secretKey), made));
        handle = made.getValue();
        room = LIBRARY.kayako_signer_insertion_max(handle).intValue();
    }

    /** Returns the signature of a salt, as base64. */
    public String sign(byte[] salt) {
        int max = LIBRARY.kayako_signature_len().intValue();
        return text(max, (out, cap, len) -> LIBRARY.kayako_signer_sign(handle, salt, size(salt), out, cap, len));
    }

    /** Returns apikey=...&amp;salt=...&amp;signature=... with a fresh salt, for one request. */
    public String credentials() {
        return text(room, (out, cap, len) -> LIBRARY.kayako_signer_credentials(handle, out, cap, len));
    }

    /** Returns the URL of a GET or DELETE request with credentials in it, for one request. */
    public String signUrl(String url) {
        byte[] in = bytes(url);
        int max = in.length + room;
        return text(max, (out, cap, len) -> LIBRARY.kayako_signer_sign_url(handle, in, size(in), out, cap, len));
    }

    /** Returns whether a signature is that of a salt; false for any error, too. */
    public boolean verify(byte[] salt, byte[] signature) {
        return LIBRARY.kayako_signer_verify(handle, salt, size(salt), signature, size(signature)) == OK;
    }

    /** Wipes the keys. No other thread may be in a call of this signer. */
    @Override
    public void close() {
        LIBRARY.kayako_signer_free(handle);
        handle = null;
    }

    private interface Writer { int write(byte[] out, Size cap, PointerByReference outLen); }

    /** Calls a function that writes a text of at most {@code max} bytes. */
    private static String text(int max, Writer writer) {
        byte[] out = new byte[max + 1];
        // A size_t is as wide as a pointer.
        PointerByReference len = new PointerByReference();
        check(writer.write(out, size(out), len));
        return new String(out, 0, (int) Pointer.nativeValue(len.getValue()), StandardCharsets.UTF_8);
    }

    private static void check(int status) {
        if (status != OK) throw new Refused(status);
    }

    private static byte[] bytes(String text) { return text.getBytes(StandardCharsets.UTF_8); }

    private static Size size(byte[] bytes) { return new Size(bytes.length); }

    /** C's size_t. */
    public static final class Size extends IntegerType {
        public Size() { this(0); }
        Size(long value) { super(Native.SIZE_T_SIZE, value, true); }
    }

    /** An error of the library, with its status. */
    public static final class Refused extends IllegalArgumentException {
        public final int status;
        Refused(int status) {
            super(LIBRARY.kayako_status_message(status));
            this.status = status;
        }
    }

    public static void main(String[] arguments) {
        byte[] salt = bytes("1234567890"), apiKey = bytes(System.getenv("KAYAKO_API_KEY"));
        try (KayakoSign signer = new KayakoSign(apiKey, bytes(System.getenv("KAYAKO_SECRET_KEY")))) {
            String signature = signer.sign(salt);
            System.out.println("signature: " + signature);
            System.out.println("credentials: " + signer.credentials());
            System.out.println("URL: " + signer.signUrl("https://help.example.com/api/index.php?/Base/User/1"));
            System.out.println("verified: " + signer.verify(salt, bytes(signature)));
            signer.sign(bytes(""));
        } catch (Refused refused) {
            System.out.println("error: " + refused.getMessage());
        }
    }
}
