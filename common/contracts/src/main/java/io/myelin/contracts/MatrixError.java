package io.myelin.contracts;

/**
 * The error that a client gets for a refused request.
 *
 * @param status of the HTTP response
 * @param errcode the specification's, such as {@code M_FORBIDDEN}
 * @param error a sentence for a person
 */
public record MatrixError(int status, String errcode, String error) {

    public static MatrixError forbidden(String error) {
        return new MatrixError(403, "M_FORBIDDEN", error);
    }

    public static MatrixError notFound(String error) {
        return new MatrixError(404, "M_NOT_FOUND", error);
    }

    public static MatrixError invalidParam(String error) {
        return new MatrixError(400, "M_INVALID_PARAM", error);
    }

    public static MatrixError badJson(String error) {
        return new MatrixError(400, "M_BAD_JSON", error);
    }
}
