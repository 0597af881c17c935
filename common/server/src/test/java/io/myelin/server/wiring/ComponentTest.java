package io.myelin.server.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ComponentTest {

    @Test
    void nothingOfWhatServersShareIsAComponents() {
        assertThat(Component.ownerOf(Component.class)).isEmpty();
        assertThat(Component.ownerOf(String.class)).isEmpty();
    }

    @Test
    void isCalledAsItsFolder() {
        assertThat(Component.CLIENT_ROOM_SEND.label()).isEqualTo("client-room-send");
    }

    @Test
    void everyTopicIsReadBySomebody() {
        for (Component writer : Component.values()) {
            for (String topic : writer.writes()) {
                assertThat(Component.values())
                        .as(topic)
                        .anyMatch(reader -> reader.reads().contains(topic));
            }
        }
    }
}
