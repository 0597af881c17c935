package io.myelin.accountserver.mail;

/** A mail was not accepted by the SMTP server. */
public final class MailFailed extends Exception {
    private static final long serialVersionUID = 1L;

    MailFailed(Throwable cause) {
        super(cause.getMessage(), cause);
    }
}
