package io.myelin.messagecounter.config;

import io.myelin.contracts.room.RoomFact;
import io.myelin.kafka.Tail;
import io.myelin.messagecounter.MessageCount;
import io.myelin.messagecounter.kafka.RoomLogListener;
import io.myelin.messagecounter.web.MessageCountController;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The beans of message-counter, which needs the tail of {@code room.output}. */
@Configuration(proxyBeanMethods = false)
public class MessageCounterConfiguration {

    @Bean
    MessageCount messageCount(Tail<RoomFact> rooms) {
        var count = new MessageCount();
        rooms.subscribe(new RoomLogListener(count));
        return count;
    }

    @Bean
    MessageCountController messageCountController(MessageCount count) {
        return new MessageCountController(count);
    }
}
