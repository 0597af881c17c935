import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.Set;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * {@code SlimJars TIME JAR...}: rewrites jars for the archive, each with its entries in order and of one time.
 *
 * <ul>
 *   <li>Native libraries of other systems than Linux on x86-64 are left out.
 *   <li>Names of local variables are left out, which only debuggers read; they would also be in the AOT cache. Line numbers stay.
 *   <li>No package is sealed. Where the archive is not in the directory in which the AOT cache was made, JDK 25 finds no address for the
 *       cached classes of a sealed package, and does not start.
 * </ul>
 *
 * The manifest of a rewritten jar says so. Signed jars are left alone.
 */
public final class SlimJars {
    private static final Pattern LIBRARY = Pattern.compile(".*\\.(so|dll|dylib|jnilib|a|sl)");
    private static final Pattern OURS = Pattern.compile("(?i).*linux[/-](amd64|x86_64)/.*");
    private static final String MANIFEST = "META-INF/MANIFEST.MF";
    private static final Attributes.Name CHANGED = new Attributes.Name("Changed-By-Myelin");
    private static final String CHANGES =
            "without native libraries of other systems, names of local variables, and seals of packages";
    private static final Set<String> LEFT_OUT = Set.of("LocalVariableTable", "LocalVariableTypeTable");

    private SlimJars() {}

    public static void main(String[] arguments) throws IOException {
        var time = OffsetDateTime.parse(arguments[0]).toLocalDateTime();
        for (var index = 1; index < arguments.length; index++) {
            var jar = Path.of(arguments[index]);
            var entries = read(jar);
            if (entries.keySet().stream().anyMatch(name -> name.matches("META-INF/[^/]*\\.SF"))) {
                continue;
            }
            var slim = jar.resolveSibling(jar.getFileName() + ".new");
            try (var out = new ZipOutputStream(Files.newOutputStream(slim))) {
                out.setLevel(Deflater.BEST_COMPRESSION);
                write(out, MANIFEST, changed(entries.remove(MANIFEST)), time);
                for (var entry : entries.entrySet()) {
                    var name = entry.getKey();
                    if (!LIBRARY.matcher(name).matches() || OURS.matcher(name).matches()) {
                        write(out, name, name.endsWith(".class") ? slim(entry.getValue()) : entry.getValue(), time);
                    }
                }
            }
            Files.move(slim, jar, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static TreeMap<String, byte[]> read(Path jar) throws IOException {
        var entries = new TreeMap<String, byte[]>();
        try (var in = new ZipFile(jar.toFile())) {
            for (var all = in.entries(); all.hasMoreElements(); ) {
                var entry = all.nextElement();
                entries.put(entry.getName(), in.getInputStream(entry).readAllBytes());
            }
        }
        return entries;
    }

    private static void write(ZipOutputStream out, String name, byte[] content, LocalDateTime time)
            throws IOException {
        var entry = new ZipEntry(name);
        entry.setTimeLocal(time);
        out.putNextEntry(entry);
        out.write(content);
        out.closeEntry();
    }

    /** The manifest without a seal and with a note about what is changed; the note alone if the jar has no manifest. */
    private static byte[] changed(byte[] content) throws IOException {
        var manifest = content == null ? new Manifest() : new Manifest(new ByteArrayInputStream(content));
        manifest.getMainAttributes().putIfAbsent(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().remove(Attributes.Name.SEALED);
        manifest.getMainAttributes().put(CHANGED, CHANGES);
        var out = new ByteArrayOutputStream();
        manifest.write(out);
        return out.toByteArray();
    }

    /** A class file without the names of its methods' local variables; chapter 4 of the JVM specification has the format. */
    private static byte[] slim(byte[] file) throws IOException {
        var in = new DataInputStream(new ByteArrayInputStream(file));
        var bytes = new ByteArrayOutputStream(file.length);
        var out = new DataOutputStream(bytes);
        copy(in, out, 8);
        var constants = constants(in, out);
        // access_flags, this_class, super_class
        copy(in, out, 6);
        copy(in, out, 2 * copyShort(in, out));
        for (var members = 0; members < 2; members++) {
            for (var left = copyShort(in, out); left > 0; left--) {
                copy(in, out, 6);
                attributes(in, out, constants);
            }
        }
        attributes(in, out, constants);
        return bytes.toByteArray();
    }

    /** Copies the constant pool, and returns its texts by their index. */
    private static String[] constants(DataInputStream in, DataOutputStream out) throws IOException {
        var texts = new String[copyShort(in, out)];
        for (var index = 1; index < texts.length; index++) {
            var tag = in.readUnsignedByte();
            out.writeByte(tag);
            switch (tag) {
                case 1 -> {
                    var text = in.readNBytes(copyShort(in, out));
                    out.write(text);
                    texts[index] = new String(text, StandardCharsets.ISO_8859_1);
                }
                case 7, 8, 16, 19, 20 -> copy(in, out, 2);
                case 15 -> copy(in, out, 3);
                case 3, 4, 9, 10, 11, 12, 17, 18 -> copy(in, out, 4);
                case 5, 6 -> {
                    copy(in, out, 8);
                    index++;
                }
                default -> throw new IOException("There is no constant with the tag " + tag);
            }
        }
        return texts;
    }

    /** Copies the attributes of a class, a field, a method or its code, except for those that are left out. */
    private static void attributes(DataInputStream in, DataOutputStream out, String[] constants) throws IOException {
        var bytes = new ByteArrayOutputStream();
        var kept = new DataOutputStream(bytes);
        var count = 0;
        for (var left = in.readUnsignedShort(); left > 0; left--) {
            var name = in.readUnsignedShort();
            var content = in.readNBytes(in.readInt());
            if (LEFT_OUT.contains(constants[name])) {
                continue;
            }
            if (constants[name].equals("Code")) {
                content = code(content, constants);
            }
            kept.writeShort(name);
            kept.writeInt(content.length);
            kept.write(content);
            count++;
        }
        out.writeShort(count);
        out.write(bytes.toByteArray());
    }

    private static byte[] code(byte[] content, String[] constants) throws IOException {
        var in = new DataInputStream(new ByteArrayInputStream(content));
        var bytes = new ByteArrayOutputStream(content.length);
        var out = new DataOutputStream(bytes);
        copy(in, out, 4);
        var length = in.readInt();
        out.writeInt(length);
        copy(in, out, length);
        copy(in, out, 8 * copyShort(in, out));
        attributes(in, out, constants);
        return bytes.toByteArray();
    }

    private static int copyShort(DataInputStream in, DataOutputStream out) throws IOException {
        var value = in.readUnsignedShort();
        out.writeShort(value);
        return value;
    }

    private static void copy(DataInputStream in, DataOutputStream out, int length) throws IOException {
        out.write(in.readNBytes(length));
    }
}
