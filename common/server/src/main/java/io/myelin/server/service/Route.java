package io.myelin.server.service;

import java.util.Comparator;
import java.util.List;

/**
 * Requests that belong to one service, by method and path. If several routes match a request, the longest path wins; of
 * those, a route that names methods; of those, one that excludes the paths below it. So no service needs to know
 * another's routes.
 *
 * @param methods none for all
 * @param parent the beginning of the path, such as {@code /_matrix/client/*}; {@code *} stands for any one segment
 * @param names the next segment is one of these
 * @param below whether longer paths match too
 */
public record Route(List<String> methods, String parent, List<String> names, boolean below) {

    /** The most specific route first: the order in which routes have to be tried. */
    public static final Comparator<Route> ORDER = Comparator.comparingInt(Route::depth)
            .reversed()
            .thenComparing(route -> route.methods().isEmpty())
            .thenComparing(Route::below);

    private static final String SEGMENT = "[^/?]+";

    /** Requests of all methods, to these paths and to what is below them. */
    public static Route to(String parent, String... names) {
        return new Route(List.of(), parent, List.of(names), true);
    }

    /** GET and HEAD of these paths and of what is below them. */
    public static Route reading(String parent, String... names) {
        return new Route(List.of("GET", "HEAD"), parent, List.of(names), true);
    }

    /** Requests of all methods, to exactly these paths. */
    public static Route exactly(String parent, String... names) {
        return new Route(List.of(), parent, List.of(names), false);
    }

    private int depth() {
        return parent.split("/", -1).length;
    }

    /** A regular expression for {@code "<method> <path and query as the client wrote them>"}. */
    public String pattern() {
        return "^"
                + (methods.isEmpty() ? "\\S+" : oneOf(methods))
                + " "
                + parent.replace("*", SEGMENT)
                + "/"
                + oneOf(names)
                + (below ? "(?:[/?]|$)" : "(?:\\?|$)");
    }

    private static String oneOf(List<String> words) {
        return words.size() == 1 ? words.getFirst() : "(?:" + String.join("|", words) + ")";
    }
}
