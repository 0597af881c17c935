package io.myelin.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.web.RunningWebLayer.Answer;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Controllers for other processes of the server, which only these can call. */
class InternalControllersTest {
    @AutoClose
    private static final RunningWebLayer web = new RunningWebLayer();

    @Test
    void showsInternalControllersOnlyToThoseWhoKnowTheSecret() {
        web.request("POST", "/_myelin/internal/echo", "").isRefused(404, "M_UNRECOGNIZED");
        web.request("GET", "/_myelin/internal/echo", "").isRefused(404, "M_UNRECOGNIZED");
        knock(new InternalSecret("wrong"), web.port()).isRefused(404, "M_UNRECOGNIZED");
        web.send(web.builder("/_myelin/internal/echo")
                        .header("Authorization", "Bearer knock")
                        .POST(HttpRequest.BodyPublishers.noBody()))
                .isRefused(404, "M_UNRECOGNIZED");
        knock(new InternalSecret(RunningWebLayer.SECRET), web.port()).ok();
        knock(new InternalSecret(RunningWebLayer.SECRET), web.port() + 1).isRefused(404, "M_UNRECOGNIZED");
        // A proof is valid only for the body that it was made for.
        InternalSecret secret = new InternalSecret(RunningWebLayer.SECRET);
        String ofAnother = secret.prove("POST", address(web.port()), "{}".getBytes(StandardCharsets.UTF_8))
                .header();
        web.send(web.builder("/_myelin/internal/echo")
                        .header(InternalSecret.REQUEST, ofAnother)
                        .POST(HttpRequest.BodyPublishers.ofString("{ }")))
                .isRefused(404, "M_UNRECOGNIZED");
        web.send(web.builder("/%5Fmyelin/internal/echo").POST(HttpRequest.BodyPublishers.noBody()))
                .isRefused(404, "M_UNRECOGNIZED");
    }

    @Test
    void provesTheAnswersOfInternalControllers() {
        InternalSecret secret = new InternalSecret(RunningWebLayer.SECRET);
        InternalSecret.Proof proof = secret.prove("POST", address(web.port()), new byte[0]);
        HttpResponse<byte[]> answer = web.send(web.builder("/_myelin/internal/echo")
                        .header(InternalSecret.REQUEST, proof.header())
                        .POST(HttpRequest.BodyPublishers.noBody()))
                .response();
        String given = answer.headers().firstValue(InternalSecret.ANSWER).orElseThrow();
        assertThat(secret.isAnswer(proof, 200, null, answer.body(), given)).isTrue();
        assertThat(secret.isAnswer(proof, 200, null, "{}".getBytes(StandardCharsets.UTF_8), given))
                .isFalse();
        assertThat(secret.isAnswer(
                        secret.prove("POST", address(web.port()), new byte[0]), 200, null, answer.body(), given))
                .isFalse();
    }

    private static Answer knock(InternalSecret secret, int meantFor) {
        return web.send(web.builder("/_myelin/internal/echo")
                .header(
                        InternalSecret.REQUEST,
                        secret.prove("POST", address(meantFor), new byte[0]).header())
                .POST(HttpRequest.BodyPublishers.noBody()));
    }

    private static URI address(int meantFor) {
        return URI.create("http://localhost:" + meantFor + "/_myelin/internal/echo");
    }

    @Test
    void hidesInternalControllersOnEveryOtherPort() {
        web.moveInternalControllersTo(web.port() + 1);
        knock(new InternalSecret(RunningWebLayer.SECRET), web.port()).isRefused(404, "M_UNRECOGNIZED");
        knock(new InternalSecret(RunningWebLayer.SECRET), web.port() + 1).isRefused(404, "M_UNRECOGNIZED");
        web.moveInternalControllersTo(web.port());
    }
}
