package io.myelin.accountserver.authentication;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All stages that this server knows, by their type. An operation names those that it asks for. */
public final class Stages {
    private final Map<String, Stage> byType = new LinkedHashMap<>();

    public Stages(Collection<? extends Stage> stages) {
        stages.forEach(stage -> byType.put(stage.type(), stage));
    }

    public static Stages of(Stage... stages) {
        return new Stages(List.of(stages));
    }

    public Optional<Stage> find(String type) {
        return Optional.ofNullable(byType.get(type));
    }

    public boolean has(String type) {
        return byType.containsKey(type);
    }
}
