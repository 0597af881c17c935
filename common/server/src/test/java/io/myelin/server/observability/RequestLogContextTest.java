package io.myelin.server.observability;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.request.MockMvcRequestBuilders;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

class RequestLogContextTest {
    private static final Map<String, String> SEEN = new HashMap<>();

    private final MockMvc mvc = MockMvcBuilders.standaloneSetup(new Rooms())
            .addInterceptors(new RequestLogContext())
            .build();

    @RestController
    static class Rooms {
        @GetMapping("/rooms/{roomId}/state")
        String state(@PathVariable String roomId) {
            SEEN.clear();
            SEEN.putAll(MDC.getCopyOfContextMap());
            return roomId;
        }
    }

    private MockHttpServletResponse get(String id) throws Exception {
        return mvc.perform(MockMvcRequestBuilders.get("/rooms/!a:b/state").header(RequestLogContext.HEADER, id))
                .andReturn()
                .getResponse();
    }

    @Test
    void givesRequestAndRoomToTheLogAndForgetsThem() throws Exception {
        var answer = get("");

        assertThat(SEEN).containsEntry(RequestLogContext.ROOM, "!a:b").containsKey(RequestLogContext.REQUEST);
        assertThat(answer.getHeader(RequestLogContext.HEADER)).isEqualTo(SEEN.get(RequestLogContext.REQUEST));
        assertThat(MDC.get(RequestLogContext.REQUEST)).isNull();
        assertThat(MDC.get(RequestLogContext.ROOM)).isNull();
    }

    @Test
    void takesTheIdOfTheProxyIfItIsOne() throws Exception {
        assertThat(get("proxy-1.2").getHeader(RequestLogContext.HEADER)).isEqualTo("proxy-1.2");
        assertThat(get("not {an} id").getHeader(RequestLogContext.HEADER)).doesNotContain("{");
        assertThat(get("x".repeat(65)).getHeader(RequestLogContext.HEADER)).hasSize(16);
    }
}
