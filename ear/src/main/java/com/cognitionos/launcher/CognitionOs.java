package com.cognitionos.launcher;

import com.cognitionos.db.Migrations;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Main class: starts database and server side by side, until a signal comes or one of them ends. The server is kept from
 * the database until that has the schema of this version, and answers nobody before.
 *
 * <p>Settings come from environment variables, see {@link Settings}. The argument {@code --stop-with-parent} stops all
 * when the process that started this one is gone, however it went. Exit code 130 or 143 after a signal, 1 after a failure
 * that standard error explains in a sentence.
 *
 * <p>The argument {@code check} starts nothing: it has the installation that runs with these settings check what it stores, and
 * prints what that found. Exit code 0 where all holds, 1 where something does not, 2 where it could not be asked.
 */
public final class CognitionOs {

    private static final Logger LOG = Logger.getLogger(CognitionOs.class.getName());
    private static final long WATCH_INTERVAL_MS = 500;

    private final Progress progress;
    private final Lifeline lifeline;

    private CognitionOs(Progress progress) {
        this.progress = progress;
        this.lifeline = Lifeline.ofThisProcess(progress);
    }

    /** @param arguments {@code --stop-with-parent}, {@code check} or none */
    public static void main(String[] arguments) {
        LauncherLog.silenceConsole();
        if (List.of(arguments).contains("check")) {
            System.exit(check());
        }
        if (List.of(arguments).contains("--stop-with-parent")) {
            ParentWatch.start();
        }
        var launcher = new CognitionOs(new Progress(new PrintStream(System.out, true, StandardCharsets.UTF_8)));
        try {
            launcher.run();
        } catch (StartFailure e) {
            launcher.tell(e, e.getMessage());
        } catch (Exception e) {
            launcher.tell(
                    e,
                    "CognitionOS cannot run: " + e.getMessage()
                            + "; logs/launcher.log in its data directory says more.");
        }
        System.exit(1);
    }

    /** Of what fails because it is being ended nothing is said; this does not return then. */
    private void tell(Exception failure, @Nullable String words) {
        try {
            lifeline.awaitEndIfBegun();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        LOG.log(Level.SEVERE, failure, () -> words);
        System.err.println(words);
    }

    private static int check() {
        try {
            var environment = System.getenv();
            var settings = Settings.of(environment, Installation.find().home());
            return IntegrityReport.print(
                    settings, environment, new PrintStream(System.out, true, StandardCharsets.UTF_8));
        } catch (StartFailure e) {
            System.err.println(e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return IntegrityReport.UNKNOWN;
    }

    private void run() throws Exception {
        var installation = Installation.find();
        var settings = Settings.of(System.getenv(), installation.home());
        var data = lifeline.start(() -> DataDirectory.open(settings.data()));
        LauncherLog.to(data.logs());
        LibertyServer.endLeftover(data);
        LibertyServer.requireFreePort(settings);

        var database = lifeline.start(() -> database(installation, settings, data));
        var environment = environment(settings, database);
        progress.say("Open Liberty …");
        long start = System.nanoTime();
        var server = lifeline.start(() -> LibertyServer.start(installation, data, settings.jvmOptions(), environment));
        lifeline.goOn(() -> progress.timed("PostgreSQL", database::start));
        migrate(database.owner());
        DatabaseRoles.enable(database.owner(), database.secrets());
        lifeline.goOn(server::open);
        new Readiness(settings, LibertyServer.console(data)).await(server);
        progress.say("Open Liberty is ready after " + Progress.since(start));
        progress.say(Banner.of(settings, data).toString());
        lifeline.ready();
        watch(server, database, data);
    }

    private static Database database(Installation installation, Settings settings, DataDirectory data)
            throws StartFailure, IOException {
        return settings.external().isPresent()
                ? ExternalDatabase.verified(settings.external().get())
                : EmbeddedDatabase.in(data, installation.postgresql());
    }

    private void migrate(DatabaseLogin owner) throws StartFailure {
        try (var connection = owner.connect()) {
            int changes = Migrations.migrate(connection);
            progress.say("Database: " + (changes == 0 ? "up to date" : changes + " changes applied"));
        } catch (SQLException e) {
            throw new StartFailure(
                    "The database could not be brought to this version: " + e.getMessage()
                            + "; logs/launcher.log in the data directory says more.",
                    e);
        }
    }

    /** All that the server is told, for which the database need not be up. */
    private static Map<String, String> environment(Settings settings, Database database) {
        var secrets = database.secrets();
        var application = DatabaseRoles.application(database.owner(), secrets);
        var jobs = DatabaseRoles.jobs(database.owner(), secrets);

        var environment = new HashMap<String, String>();
        environment.put("COGNITIONOS_HTTP_HOST", settings.host());
        environment.put("COGNITIONOS_HTTP_PORT", Integer.toString(settings.port()));
        // What people and other servers call this installation by, behind a proxy for example.
        var named = System.getenv("COGNITIONOS_BASE_URL");
        environment.put("COGNITIONOS_BASE_URL", named == null || named.isBlank() ? settings.baseUrl() : named);
        environment.put("COGNITIONOS_TLS", Boolean.toString(settings.tls()));
        environment.put("COGNITIONOS_SESSION_COOKIE", settings.sessionCookie());
        environment.put("COGNITIONOS_DEMO", Boolean.toString(settings.demo()));
        environment.put("COGNITIONOS_JDBC_URL", database.owner().url());
        environment.put("COGNITIONOS_APP_DB_USER", application.user());
        environment.put("COGNITIONOS_APP_DB_PASSWORD", application.password());
        environment.put("COGNITIONOS_JOBS_DB_USER", jobs.user());
        environment.put("COGNITIONOS_JOBS_DB_PASSWORD", jobs.password());
        environment.put("COGNITIONOS_PEPPER", settings.pepper().orElseGet(() -> secrets.of("pepper")));
        environment.put(
                "COGNITIONOS_ENCRYPTION_KEY", settings.encryptionKey().orElseGet(() -> secrets.of("encryption")));
        environment.put("COGNITIONOS_LTPA_PASSWORD", secrets.of("ltpa"));
        // The keys open with the password they were made with: a new password needs a new file.
        environment.put(
                "COGNITIONOS_LTPA_KEYS", "ltpa-" + secrets.of("ltpa file").substring(0, 8) + ".keys");
        return environment;
    }

    private void watch(LibertyServer server, Database database, DataDirectory data)
            throws StartFailure, InterruptedException {
        while (true) {
            Thread.sleep(WATCH_INTERVAL_MS);
            boolean serverRuns = server.isRunning();
            boolean databaseRuns = database.isRunning();
            if (serverRuns && databaseRuns) {
                continue;
            }
            lifeline.awaitEndIfBegun();
            throw new StartFailure(
                    serverRuns
                            ? "PostgreSQL ended by itself; see the newest postgresql log in " + data.logs() + "."
                            : "Open Liberty ended by itself; see " + LibertyServer.console(data) + ".");
        }
    }
}
