// Runs calls of the example for C#: each line of standard input is a call, and each line of standard output its answer.
using System;
using System.Linq;
using System.Text;

public static class Driver
{
    public static void Main()
    {
        for (string line = Console.ReadLine(); line != null; line = Console.ReadLine())
        {
            string[] fields = line.Split('\t');
            int status = 0;
            string answer;
            try
            {
                answer = Call(fields[0], fields.Skip(1).Select(Decoded).ToArray());
            }
            catch (KayakoSignException error)
            {
                status = error.Status;
                answer = error.Message;
            }
            string digits = BitConverter.ToString(Encoding.UTF8.GetBytes(answer)).Replace("-", "");
            Console.WriteLine(status + "\t" + digits.ToLowerInvariant());
        }
    }

    private static string Call(string operation, byte[][] values)
    {
        using (KayakoSigner signer = KayakoSigner.Create(values[0], values[1]))
        {
            switch (operation)
            {
                case "sign":
                    return signer.Sign(values[2]);
                case "credentials":
                    return signer.Credentials();
                case "sign_url":
                    return signer.SignUrl(Encoding.UTF8.GetString(values[2]));
                default:
                    return signer.Verify(values[2], values[3]).ToString().ToLowerInvariant();
            }
        }
    }

    private static byte[] Decoded(string digits)
    {
        return Enumerable.Range(0, digits.Length / 2)
            .Select(index => Convert.ToByte(digits.Substring(2 * index, 2), 16))
            .ToArray();
    }
}
