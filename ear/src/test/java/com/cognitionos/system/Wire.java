package com.cognitionos.system;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Says to the server what no well-behaved client would: the bytes go out as they are. */
final class Wire {

    private static final int SILENCE_MS = 30_000;

    private final int port;

    Wire(int port) {
        this.port = port;
    }

    /** What came back, headers and all; status 0 when the server hung up without a word. */
    record Answer(int status, String text) {
        String header(String name) {
            for (String line : text.split("\r\n\r\n", 2)[0].split("\r\n")) {
                if (line.regionMatches(true, 0, name + ":", 0, name.length() + 1)) {
                    return line.substring(name.length() + 1).strip();
                }
            }
            return "";
        }
    }

    Answer get(String target, String... headers) {
        return request("GET", target, "", headers);
    }

    /** A request with a Host of ours, unless the headers bring one. */
    Answer request(String method, String target, String body, String... headers) {
        StringBuilder head =
                new StringBuilder(method).append(' ').append(target).append(" HTTP/1.1\r\n");
        List<String> given = List.of(headers);
        if (given.stream().noneMatch(header -> header.startsWith("Host:"))) {
            head.append("Host: localhost:").append(port).append("\r\n");
        }
        if (given.stream().noneMatch(header -> header.startsWith("X-Forwarded-For:"))) {
            head.append("X-Forwarded-For: ").append(Http.newPlace()).append("\r\n");
        }
        given.forEach(header -> head.append(header).append("\r\n"));
        byte[] content = body.getBytes(StandardCharsets.UTF_8);
        if (content.length > 0 && given.stream().noneMatch(header -> header.startsWith("Transfer-Encoding:"))) {
            head.append("Content-Length: ").append(content.length).append("\r\n");
        }
        head.append("Connection: close\r\n\r\n");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(head.toString().getBytes(StandardCharsets.UTF_8));
        bytes.writeBytes(content);
        Answer answer = exchange(bytes.toByteArray());
        Leaks.refuseIn(method + " " + target.substring(0, Math.min(target.length(), 200)), answer.text());
        return answer;
    }

    private Answer exchange(byte[] request) {
        ByteArrayOutputStream reply = new ByteArrayOutputStream();
        try (Socket socket = new Socket("localhost", port)) {
            socket.setSoTimeout(SILENCE_MS);
            try {
                OutputStream out = socket.getOutputStream();
                out.write(request);
                out.flush();
            } catch (SocketException e) {
                // It did not want to hear all of it; what it says is below.
            }
            try {
                socket.getInputStream().transferTo(reply);
            } catch (SocketException e) {
                // It hung up.
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String text = reply.toString(StandardCharsets.UTF_8);
        return new Answer(
                text.matches("(?s)HTTP/1\\.[01] \\d{3}.*") ? Integer.parseInt(text.substring(9, 12)) : 0, text);
    }
}
