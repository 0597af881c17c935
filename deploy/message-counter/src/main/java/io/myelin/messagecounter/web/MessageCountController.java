package io.myelin.messagecounter.web;

import io.myelin.messagecounter.MessageCount;
import java.util.Map;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code GET /_myelin/message_count}. */
@RestController
public final class MessageCountController {
    private final MessageCount count;

    public MessageCountController(MessageCount count) {
        this.count = count;
    }

    @GetMapping("/_myelin/message_count")
    Map<String, Long> messageCount() {
        return Map.of("messages", count.messages());
    }
}
