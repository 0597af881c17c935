package io.myelin.settings;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/** What is logged, and how. */
public record LoggingSettings(
        @Setting(
                value = "`json` writes one JSON object a line, with request, shard and room where they are known.",
                oneOf = {"text", "json"})
        @DefaultValue("text")
        String format,

        @Setting(
                value =
                        "How much is logged, by the beginning of the loggers' names, such as `io.myelin.roomserver=DEBUG`. "
                                + "`root` is all loggers that have no other level.",
                pattern = LoggingSettings.LEVELS,
                form = "`logger=LEVEL, logger2=LEVEL` with a level of TRACE, DEBUG, INFO, WARN, ERROR, OFF",
                reloadable = true)
        @Nullable
        String levels) {
    private static final String LEVEL = "[A-Za-z0-9_.$]{1,200}\\s*=\\s*(TRACE|DEBUG|INFO|WARN|ERROR|OFF)";
    static final String LEVELS = LEVEL + "(,\\s*" + LEVEL + ")*";

    public boolean isJson() {
        return format.equals("json");
    }

    /** The levels by the names of their loggers. */
    public Map<String, String> byLogger() {
        var byLogger = new LinkedHashMap<String, String>();
        if (levels != null) {
            Arrays.stream(levels.strip().split("\\s*,\\s*", -1)).forEach(one -> {
                var parts = one.split("\\s*=\\s*", -1);
                byLogger.put(parts[0], parts[1]);
            });
        }
        return byLogger;
    }
}
