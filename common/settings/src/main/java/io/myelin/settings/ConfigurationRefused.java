package io.myelin.settings;

import java.util.List;

/** The configuration is wrong; the message says where and what is allowed, a line for each mistake. */
public final class ConfigurationRefused extends IllegalArgumentException {
    /** @param mistakes each a line of its own */
    public ConfigurationRefused(List<String> mistakes) {
        super(String.join("\n", mistakes));
    }

    /** The mistakes, each a line. */
    public List<String> mistakes() {
        return String.valueOf(getMessage()).lines().toList();
    }
}
