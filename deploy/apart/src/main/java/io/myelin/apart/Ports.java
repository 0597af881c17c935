package io.myelin.apart;

import io.myelin.embedded.DataDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * The ports of the processes on 127.0.0.1. A port is drawn once, remembered in {@code DATA/apart}, and the same at every
 * start. A live process keeps its port, which is in use and so could not be drawn now.
 */
final class Ports {
    private final DataDirectory data;
    private final Map<String, Integer> known = new HashMap<>();

    Ports(DataDirectory data) {
        this.data = data;
    }

    /** The port for the other processes. */
    int internal(Instance instance) {
        return port(instance, instance.fileName() + "-internal");
    }

    /** The port for the gateway. */
    int client(Instance instance) {
        return port(instance, instance.fileName() + "-client");
    }

    private synchronized int port(Instance instance, String name) {
        return known.computeIfAbsent(name, n -> isAlive(instance) ? remembered(n) : data.port("apart/" + n));
    }

    private boolean isAlive(Instance instance) {
        try {
            return ProcessFile.read(processFile(data.path(), instance))
                    .flatMap(ProcessFile::living)
                    .isPresent();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private int remembered(String name) {
        var file = data.path().resolve("apart").resolve(name + ".port");
        try {
            return Files.exists(file) ? Integer.parseInt(Files.readString(file).strip()) : data.port("apart/" + name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Path processFile(Path data, Instance instance) {
        return data.resolve("apart").resolve(instance.fileName() + ProcessFile.SUFFIX);
    }
}
