package io.myelin.accountserver.mail;

import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Date;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends mails over SMTP: each over a connection of its own, a few at once. */
public final class Mails {
    private static final Logger LOG = LoggerFactory.getLogger(Mails.class);
    private static final int AT_ONCE = 8;

    /** How long a request waits until one of the connections is free. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /**
     * The SMTP server.
     *
     * @param security {@code none}, {@code starttls} or {@code tls}
     * @param user null to send without a login
     * @param timeout of connecting, and of each answer
     */
    public record Server(
            String host,
            int port,
            String security,
            @Nullable String user,
            @Nullable String password,
            Duration timeout) {}

    private final @Nullable Server server;
    private final String serverName;
    private final String from;
    private final @Nullable Path ownTexts;
    private final Semaphore slots = new Semaphore(AT_ONCE);

    /**
     * @param server null if no mail is sent
     * @param serverName of this homeserver
     * @param from the sender's address
     * @param ownTexts the directory of the operator's texts
     */
    public Mails(@Nullable Server server, String serverName, String from, @Nullable Path ownTexts) {
        this.server = server;
        this.serverName = serverName;
        this.from = from;
        this.ownTexts = ownTexts;
    }

    public boolean areSent() {
        return server != null;
    }

    /**
     * Sends a mail, and returns when the server has accepted it.
     *
     * @param text the name of its text
     * @param values what is filled in; the name of this server is too
     */
    public void send(String text, String to, Map<String, String> values) throws MailFailed {
        Server smtp = server;
        if (smtp == null) {
            throw new IllegalStateException("No mail is sent here.");
        }
        Map<String, String> all = new HashMap<>(values);
        all.put("server", serverName);
        MailText filled = MailText.read(text, ownTexts).with(all);
        try {
            if (!slots.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new MailFailed(new TimeoutException("Too many mails are being sent."));
            }
            try {
                send(smtp, to, filled);
            } finally {
                slots.release();
            }
        } catch (MessagingException e) {
            // What the server answered usually contains the address.
            LOG.warn("The SMTP server {}:{} did not accept a mail: {}", smtp.host(), smtp.port(), kind(e));
            throw new MailFailed(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MailFailed(e);
        }
    }

    private static String kind(MessagingException e) {
        return e instanceof SMTPSendFailedException failed
                ? "code " + failed.getReturnCode()
                : e.getClass().getSimpleName();
    }

    private void send(Server smtp, String to, MailText text) throws MessagingException {
        Session session = Session.getInstance(properties(smtp));
        var message = new MimeMessage(session);
        message.setFrom(new InternetAddress(from, true));
        message.setRecipient(Message.RecipientType.TO, new InternetAddress(to, true));
        message.setSubject(text.subject(), StandardCharsets.UTF_8.name());
        message.setText(text.body(), StandardCharsets.UTF_8.name());
        message.setHeader("Auto-Submitted", "auto-generated");
        message.setSentDate(new Date());
        message.saveChanges();
        try (Transport transport = session.getTransport("smtp")) {
            transport.connect(smtp.host(), smtp.port(), smtp.user(), smtp.password());
            transport.sendMessage(message, message.getAllRecipients());
        }
    }

    private static Properties properties(Server smtp) {
        var properties = new Properties();
        String millis = String.valueOf(smtp.timeout().toMillis());
        properties.put("mail.smtp.connectiontimeout", millis);
        properties.put("mail.smtp.timeout", millis);
        properties.put("mail.smtp.writetimeout", millis);
        properties.put("mail.smtp.auth", String.valueOf(smtp.user() != null));
        properties.put("mail.smtp.ssl.checkserveridentity", "true");
        switch (smtp.security()) {
            case "tls" -> properties.put("mail.smtp.ssl.enable", "true");
            case "starttls" -> {
                properties.put("mail.smtp.starttls.enable", "true");
                properties.put("mail.smtp.starttls.required", "true");
            }
            default -> properties.put("mail.smtp.starttls.enable", "false");
        }
        return properties;
    }
}
