package io.myelin.allinone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests the script {@code ./myelin}, with a fake Maven and a fake Java. */
class LauncherTest {
    @TempDir
    Path directory;

    private Path home = Path.of("");
    private Path learning = Path.of("");

    /** Makes a fake Java that acts as a server during the training run, and records where and how it was started. */
    @BeforeEach
    void makeHome() throws IOException {
        home = Files.createDirectories(directory.resolve("home"));
        learning = directory.resolve("learning");
        Files.copy(Path.of("..", "..", "myelin"), home.resolve("myelin"));
        var parts = Files.createDirectories(home.resolve("deploy").resolve("launcher"));
        for (var part : List.of("verbs.sh", "learn.sh")) {
            Files.copy(Path.of("..", "launcher", part), parts.resolve(part));
        }
        Files.writeString(home.resolve("pom.xml"), "<project/>");
        script(
                "mvnw",
                "mkdir -p deploy/all-in-one/target/lib deploy/bench/target; "
                        + "touch deploy/all-in-one/target/all-in-one-1.jar deploy/bench/target/bench-1.jar");
        script(".mvn/find-jdk", "echo " + home);
        script("bin/java", """
                case "$*" in
                *AOTCacheOutput*)
                    { env; echo "pwd=$(pwd)"; ls -a; echo "arguments=$*"; } >%s
                    echo 'Myelin is ready'
                    exec sleep 60
                    ;;
                esac
                """.formatted(learning));
    }

    private void script(String name, String commands) throws IOException {
        var file = home.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/bin/sh\n" + commands + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    }

    @Test
    void learningNeverSeesTheCallersConfiguration() throws Exception {
        var caller = Files.createDirectories(directory.resolve("caller"));
        Files.writeString(caller.resolve("myelin.yaml"), "database:\n  url: jdbc:postgresql://production/matrix\n");
        var builder = new ProcessBuilder("sh", home.resolve("myelin").toString(), "build")
                .directory(caller.toFile())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("said").toFile());
        builder.environment()
                .putAll(Map.of(
                        "MYELIN_DATABASE_URL", "jdbc:postgresql://production/matrix",
                        "MYELIN_KAFKA_BOOTSTRAP_SERVERS", "production:9092",
                        "MYELIN_SERVER_NAME", "production.example",
                        "SPRING_APPLICATION_JSON", "{}",
                        "JAVA_TOOL_OPTIONS", "-Dmyelin.server-name=production.example"));
        assertThat(builder.start().waitFor())
                .as(() -> directory.resolve("said").toString())
                .isZero();

        var seen = Files.readString(learning);
        assertThat(seen)
                .doesNotContain("production")
                .doesNotContain("myelin.yaml")
                .doesNotContain("SPRING_")
                .contains("MYELIN_TEST_MODE=true", "MYELIN_LISTENERS_ADDRESS=127.0.0.1")
                .doesNotContain("pwd=" + caller.toRealPath());
    }

    @Test
    void mavenThatIsNotTheOneThatApacheHasPublishedIsNeitherUnpackedNorRun() throws Exception {
        Files.copy(Path.of("..", "..", "mvnw"), home.resolve("mvnw"), StandardCopyOption.REPLACE_EXISTING);
        var tools = Files.createDirectories(directory.resolve("tools"));
        for (var tool : List.of("sh", "mkdir", "dirname", "mktemp", "rm", "tar", "gzip", "sha512sum", "cat")) {
            for (var place : List.of("/usr/bin", "/bin")) {
                if (Files.exists(Path.of(place, tool)) && !Files.exists(tools.resolve(tool))) {
                    Files.createSymbolicLink(tools.resolve(tool), Path.of(place, tool));
                }
            }
        }
        // The fake "curl -fsSL -o FILE ADDRESS" delivers an archive with a Maven of another origin.
        script("evil/apache-maven-3.9.11/bin/mvn", "touch " + directory.resolve("run"));
        script("curl", "tar -cz -C " + home.resolve("evil") + " -f \"$3\" apache-maven-3.9.11");
        Files.move(home.resolve("curl"), tools.resolve("curl"));
        var said = directory.resolve("said").toFile();
        var builder = new ProcessBuilder("sh", home.resolve("mvnw").toString(), "--version")
                .redirectErrorStream(true)
                .redirectOutput(said);
        builder.environment()
                .putAll(Map.of(
                        "PATH", tools.toString(),
                        "HOME", home.toString(),
                        "MVNW_REPOURL", "https://mirror.example"));

        assertThat(builder.start().waitFor()).isEqualTo(1);
        assertThat(said).content().contains("is not what Apache has published");
        assertThat(directory.resolve("run")).doesNotExist();
        assertThat(home.resolve(".m2/wrapper/dists/apache-maven-3.9.11")).doesNotExist();
    }
}
