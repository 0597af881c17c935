package io.myelin.web;

/** Errors that several classes of this package answer with. */
final class Errors {
    private Errors() {}

    static MatrixException unrecognizedPath() {
        return new MatrixException(404, "M_UNRECOGNIZED", "There is no such endpoint.");
    }

    static MatrixException unrecognizedMethod() {
        return new MatrixException(405, "M_UNRECOGNIZED", "The endpoint does not have this method.");
    }
}
