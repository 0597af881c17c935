package io.myelin.clientroomsend.web;

import io.myelin.clientroomsend.membership.BoundThirdPartyIds;
import io.myelin.matrix.json.JsonObject;
import io.myelin.web.JsonResponse;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.bind.annotation.RestController;

/**
 * {@code /_matrix/federation/v1/3pid/onbind}: an identity server tells that an address has a user. The request itself proves
 * nothing, so only what is signed in it counts. Identity servers use POST, the specification says PUT.
 */
@RestController
public class BoundThirdPartyIdController {
    private final BoundThirdPartyIds bound;

    public BoundThirdPartyIdController(BoundThirdPartyIds bound) {
        this.bound = bound;
    }

    @RequestMapping(
            path = "/_matrix/federation/v1/3pid/onbind",
            method = {RequestMethod.PUT, RequestMethod.POST})
    public JsonResponse bound(JsonObject body) {
        bound.bound(body);
        return JsonResponse.DONE;
    }
}
