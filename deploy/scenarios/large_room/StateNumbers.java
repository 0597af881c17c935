import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.util.HexFormat;
import org.roaringbitmap.longlong.Roaring64Bitmap;

/**
 * Prints a set of numbers in the format of {@code state_difference.numbers}: {@code StateNumbers FROM TO NUMBER...}, with
 * all numbers from FROM to TO.
 */
final class StateNumbers {
    public static void main(String[] arguments) throws Exception {
        Roaring64Bitmap numbers = new Roaring64Bitmap();
        numbers.addRange(Long.parseLong(arguments[0]), Long.parseLong(arguments[1]) + 1);
        for (int i = 2; i < arguments.length; i++) {
            numbers.addLong(Long.parseLong(arguments[i]));
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        numbers.serialize(new DataOutputStream(bytes));
        System.out.println(HexFormat.of().formatHex(bytes.toByteArray()));
    }
}
