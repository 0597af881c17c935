package io.myelin.accountserver.sso;

import io.myelin.accountserver.outgoing.OutsideServices;
import io.myelin.outbound.HttpAnswer;
import io.myelin.outbound.OutboundRequest;
import io.myelin.outbound.Route;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Document;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.DefaultHandler;

/**
 * A CAS server: users log in there, and come back with a ticket, for which it says once who they are. CAS protocol 3.0,
 * "/login" and "/proxyValidate".
 */
public final class CasService {
    /** The name under which its users are remembered. */
    public static final String PROVIDER = "cas";

    private static final int MAX_USER = 255;

    private final OutsideServices services;
    private final URI address;

    /** @param address of the CAS server */
    public CasService(OutsideServices services, URI address) {
        this.services = services;
        this.address = address;
    }

    /**
     * Where a person logs in.
     *
     * @param service where they come back to
     */
    public String loginAddress(String service) {
        return base() + "/login?service=" + encode(service);
    }

    /**
     * Who a ticket stands for; empty if it is not valid.
     *
     * @param service where the person came back to, without the ticket
     */
    public Optional<String> user(String ticket, String service) {
        String path = address.getRawPath() == null ? "" : address.getRawPath().replaceAll("/+$", "");
        HttpAnswer answer = services.ask(
                "The single sign-on service",
                OutboundRequest.get(
                        Route.to(address),
                        path + "/proxyValidate?ticket=" + encode(ticket) + "&service=" + encode(service),
                        OutsideServices.MAX_ANSWER));
        return answer.status() == 200 ? parse(answer.body()) : Optional.empty();
    }

    /**
     * The user in {@code cas:authenticationSuccess}. A ticket that another service got for its user is refused: it would let
     * that service log in as the user.
     */
    static Optional<String> parse(byte[] xml) {
        try {
            Document document = documents().parse(new ByteArrayInputStream(xml));
            NodeList successes = document.getElementsByTagNameNS("*", "authenticationSuccess");
            if (successes.getLength() != 1
                    || document.getElementsByTagNameNS("*", "proxies").getLength() != 0) {
                return Optional.empty();
            }
            List<Node> users = new ArrayList<>();
            for (Node child = successes.item(0).getFirstChild(); child != null; child = child.getNextSibling()) {
                if ("user".equals(child.getLocalName())) {
                    users.add(child);
                }
            }
            if (users.size() != 1) {
                return Optional.empty();
            }
            String user = users.getFirst().getTextContent().strip();
            return user.isEmpty() || user.length() > MAX_USER ? Optional.empty() : Optional.of(user);
        } catch (SAXException | IOException e) {
            return Optional.empty();
        }
    }

    /** Refuses document types, and with them entities that reach for files or grow. */
    private static DocumentBuilder documents() {
        try {
            var factory = DocumentBuilderFactory.newInstance();
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            factory.setNamespaceAware(true);
            factory.setXIncludeAware(false);
            factory.setExpandEntityReferences(false);
            var builder = factory.newDocumentBuilder();
            builder.setErrorHandler(new DefaultHandler());
            return builder;
        } catch (ParserConfigurationException e) {
            throw new IllegalStateException("Every Java platform parses XML safely", e);
        }
    }

    private String base() {
        return address.toString().replaceAll("/+$", "");
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
