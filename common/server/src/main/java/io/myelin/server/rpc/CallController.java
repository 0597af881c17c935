package io.myelin.server.rpc;

import io.myelin.contracts.Cbor;
import io.myelin.contracts.NotOffered;
import io.myelin.contracts.NotOwner;
import io.myelin.contracts.Unavailable;
import io.myelin.engine.StoreUnavailable;
import io.myelin.matrix.json.CanonicalJson;
import io.myelin.server.ShardOwnership.Owners;
import io.myelin.web.InternalController;
import io.myelin.web.InternalSecret;
import io.myelin.web.MatrixException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;

/** The internal paths of the contracts that this process serves; see the package. */
@InternalController
public class CallController {
    static final int NOT_OFFERED = 404;
    static final int MISDIRECTED = 421;
    static final int REFUSED = 422;
    static final int UNAVAILABLE = 503;

    private static final Logger LOG = LoggerFactory.getLogger(CallController.class);

    /**
     * Why a call was refused.
     *
     * @param status the status of a Matrix error, else 0
     * @param text the body of that Matrix error, else a message
     */
    record Refusal(int status, String text) {}

    private final Map<String, Served<?>> served;
    private final int shards;

    CallController(List<Served<?>> served, int shards) {
        this.served = served.stream()
                .collect(Collectors.toMap(
                        one -> key(one.contract().service(), one.contract().name()), one -> one));
        this.shards = shards;
    }

    private static String key(String service, String contract) {
        return service + "/" + contract;
    }

    @PostMapping("/_myelin/internal/{service}/{contract}/{operation}")
    void call(
            @PathVariable("service") String service,
            @PathVariable("contract") String contract,
            @PathVariable("operation") String operation,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        Served<?> one = served.get(key(service, contract));
        if (one == null || !one.has(operation)) {
            throw nothingHere();
        }
        byte[] arguments = request.getInputStream().readAllBytes();
        answer(response, one, () -> one.call(operation, arguments, shards));
    }

    @PostMapping("/_myelin/internal/{service}/committed")
    void committed(@PathVariable("service") String service, HttpServletResponse response) throws IOException {
        Served<?> queries = served.get(key(service, "queries"));
        if (queries == null) {
            throw nothingHere();
        }
        answer(response, queries, queries::ownedCommitted);
    }

    @GetMapping("/_myelin/internal/{service}/owners")
    Owners owners(@PathVariable("service") String service) {
        Served<?> any = served.get(key(service, "queries"));
        if (any == null) {
            throw nothingHere();
        }
        return any.ownership().owners();
    }

    private void answer(HttpServletResponse response, Served<?> one, Supplier<byte[]> call) throws IOException {
        try {
            write(response, 200, call.get());
        } catch (NotOwner e) {
            String owner = e.owner() == null ? ownerOf(one, e) : e.owner();
            if (owner != null) {
                response.setHeader(InternalSecret.OWNER, owner);
            }
            write(response, MISDIRECTED, new byte[0]);
        } catch (NotOffered e) {
            write(response, NOT_OFFERED, new byte[0]);
        } catch (Unavailable | StoreUnavailable e) {
            LOG.debug("A call cannot be answered now", e);
            write(response, UNAVAILABLE, String.valueOf(e.getMessage()).getBytes(StandardCharsets.UTF_8));
        } catch (MatrixException e) {
            String body = new String(CanonicalJson.encode(e.body()), StandardCharsets.UTF_8);
            write(response, REFUSED, Cbor.encode(new Refusal(e.status(), body)));
        } catch (IllegalArgumentException e) {
            write(response, REFUSED, Cbor.encode(new Refusal(0, String.valueOf(e.getMessage()))));
        }
    }

    private static @Nullable String ownerOf(Served<?> one, NotOwner e) {
        try {
            return one.ownership().owners().byShard().get(e.shard());
        } catch (StoreUnavailable unknown) {
            return null;
        }
    }

    private static void write(HttpServletResponse response, int status, byte[] body) throws IOException {
        response.setStatus(status);
        response.setContentType("application/cbor");
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }

    private static MatrixException nothingHere() {
        return new MatrixException(NOT_OFFERED, "M_UNRECOGNIZED", "There is no such endpoint.");
    }
}
