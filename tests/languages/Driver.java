import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;

/** Runs calls of the example for Java: each line of standard input is a call, and each line of standard output its answer. */
public final class Driver {
    private Driver() {}

    public static void main(String[] arguments) throws Exception {
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            String[] fields = line.split("\t", -1);
            byte[][] values = new byte[fields.length - 1][];
            for (int index = 0; index < values.length; index++) {
                values[index] = decoded(fields[index + 1]);
            }
            int status = 0;
            String answer;
            try {
                answer = call(fields[0], values);
            } catch (KayakoSign.Refused refused) {
                status = refused.status;
                answer = refused.getMessage();
            }
            System.out.println(status + "\t" + encoded(answer.getBytes(StandardCharsets.UTF_8)));
        }
    }

    private static String call(String operation, byte[][] values) {
        try (KayakoSign signer = new KayakoSign(values[0], values[1])) {
            switch (operation) {
                case "sign":
                    return signer.sign(values[2]);
                case "credentials":
                    return signer.credentials();
                case "sign_url":
                    return signer.signUrl(new String(values[2], StandardCharsets.UTF_8));
                default:
                    return String.valueOf(signer.verify(values[2], values[3]));
            }
        }
    }

    private static byte[] decoded(String digits) {
        byte[] bytes = new byte[digits.length() / 2];
        for (int index = 0; index < bytes.length; index++) {
            bytes[index] = (byte) Integer.parseInt(digits.substring(2 * index, 2 * index + 2), 16);
        }
        return bytes;
    }

    private static String encoded(byte[] bytes) {
        return bytes.length == 0 ? "" : String.format("%0" + 2 * bytes.length + "x", new BigInteger(1, bytes));
    }
}
