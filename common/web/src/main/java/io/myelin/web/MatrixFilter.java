package io.myelin.web;

import io.myelin.matrix.json.CanonicalJson;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * What holds for every request: the headers that let web clients in, an answer to {@code OPTIONS} without further ado,
 * and no U+0000 in any address. Client-server API, "Web Browser Clients".
 */
final class MatrixFilter extends OncePerRequestFilter {

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        response.setHeader("Access-Control-Allow-Origin", "*");
        response.setHeader("Access-Control-Allow-Methods", "GET, POST, PUT, DELETE, OPTIONS");
        response.setHeader("Access-Control-Allow-Headers", "X-Requested-With, Content-Type, Authorization");
        if (request.getMethod().equals("OPTIONS")) {
            response.setStatus(HttpServletResponse.SC_NO_CONTENT);
            return;
        }
        MatrixRequest matrixRequest;
        try {
            matrixRequest = checked(request);
        } catch (MatrixException e) {
            write(response, e);
            return;
        }
        chain.doFilter(matrixRequest, response);
    }

    private static MatrixRequest checked(HttpServletRequest request) {
        String query = request.getQueryString();
        if (request.getRequestURI().contains("%00") || (query != null && query.contains("%00"))) {
            throw new MatrixException(400, "M_INVALID_PARAM", "An address must not contain U+0000.");
        }
        return new MatrixRequest(request);
    }

    static void write(HttpServletResponse response, MatrixException e) throws IOException {
        byte[] body = CanonicalJson.encode(e.body());
        response.setStatus(e.status());
        response.setContentType("application/json");
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }
}
