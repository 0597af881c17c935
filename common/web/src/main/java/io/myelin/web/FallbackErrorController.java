package io.myelin.web;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Answers failures outside of controllers with a Matrix error. */
@RestController
public class FallbackErrorController implements ErrorController {

    @RequestMapping("${server.error.path:/error}")
    public JsonResponse error(HttpServletRequest request) {
        int status = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE) instanceof Integer code ? code : 404;
        MatrixException refusal = switch (status) {
            case 404 -> Errors.unrecognizedPath();
            case 405 -> Errors.unrecognizedMethod();
            default ->
                new MatrixException(
                        status,
                        "M_UNKNOWN",
                        status < 500 ? "The request cannot be served." : "The server made a mistake.");
        };
        return JsonResponse.of(refusal.status(), refusal.body());
    }
}
