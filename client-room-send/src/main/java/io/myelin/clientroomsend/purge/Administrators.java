package io.myelin.clientroomsend.purge;

import io.myelin.contracts.MatrixError;
import io.myelin.contracts.account.Session;
import io.myelin.web.MatrixException;

/** Who may use the admin API. */
public final class Administrators {
    private Administrators() {}

    /** @throws MatrixException 403 if the requester is no administrator */
    public static void require(Session session) {
        if (!session.admin()) {
            throw new MatrixException(MatrixError.forbidden("This is for administrators."));
        }
    }
}
