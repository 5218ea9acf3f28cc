package com.cognitionos.system;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The wire between the product and its database: it can be cut, refuse whoever comes, or carry nothing and stay up. */
final class DatabaseProxy implements AutoCloseable {

    private enum State {
        CARRIES,
        REFUSES,
        SILENT
    }

    private final ServerSocket door;
    private final int database;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private volatile State state = State.CARRIES;

    DatabaseProxy(int database) {
        this.database = database;
        try {
            door = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start(this::welcome);
    }

    int port() {
        return door.getLocalPort();
    }

    /** All present connections end; new ones work. */
    void cut() {
        List.copyOf(sockets).forEach(this::end);
    }

    /** All present connections end, and whoever comes is turned away. */
    void refuse() {
        state = State.REFUSES;
        cut();
    }

    /** Connections stay, and nothing comes through any more: as when a machine has lost its power. */
    void fallSilent() {
        state = State.SILENT;
    }

    /** New connections work again; what was silent is gone. */
    void carry() {
        boolean wasSilent = state == State.SILENT;
        state = State.CARRIES;
        if (wasSilent) {
            cut();
        }
    }

    private void welcome() {
        while (!door.isClosed()) {
            try {
                Socket client = door.accept();
                if (state == State.REFUSES) {
                    client.close();
                    continue;
                }
                Socket server = new Socket(InetAddress.getLoopbackAddress(), database);
                client.setTcpNoDelay(true);
                server.setTcpNoDelay(true);
                sockets.add(client);
                sockets.add(server);
                start(() -> carry(client, server));
                start(() -> carry(server, client));
            } catch (IOException closed) {
                // The door is shut, or the database is down; whoever came sees it.
            }
        }
    }

    private void carry(Socket from, Socket to) {
        byte[] buffer = new byte[32 * 1024];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                if (state != State.SILENT) {
                    out.write(buffer, 0, read);
                }
            }
        } catch (IOException cut) {
            // Both ends go.
        }
        end(from);
        end(to);
    }

    private void end(Socket socket) {
        sockets.remove(socket);
        try {
            socket.close();
        } catch (IOException gone) {
            // as it should be
        }
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "database proxy");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        try {
            door.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        cut();
    }
}
