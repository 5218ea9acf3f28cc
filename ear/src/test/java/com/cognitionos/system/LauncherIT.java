package com.cognitionos.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Starting and stopping: what goes wrong is one sentence, what ends leaves nothing behind, what is stored stays. */
@OwnProduct
class LauncherIT {

    @TempDir
    private Path directory;

    @Test
    void aBusyPortIsOneSentence() throws Exception {
        try (ServerSocket busy = new ServerSocket(0)) {
            assertThat(refusal(directory.resolve("data"), busy.getLocalPort(), Map.of()))
                    .contains(Integer.toString(busy.getLocalPort()), "COGNITIONOS_HTTP_PORT");
        }
    }

    @Test
    void aDataDirectoryThatIsAFileIsOneSentence() throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "x");
        assertThat(refusal(file, Product.freePort(), Map.of())).contains(file.toString(), "COGNITIONOS_DATA_DIR");
    }

    @Test
    void aDatabaseThatDoesNotAnswerIsOneSentence() throws Exception {
        Map<String, String> nobody = Map.of(
                "COGNITIONOS_DB_URL", "jdbc:postgresql://localhost:" + Product.freePort() + "/nothing",
                "COGNITIONOS_DB_USER", "nobody",
                "COGNITIONOS_DB_PASSWORD", "secret-of-nobody");
        assertThat(refusal(directory.resolve("data"), Product.freePort(), nobody))
                .contains("COGNITIONOS_DB_URL")
                .doesNotContain("secret-of-nobody");
    }

    @Test
    void aMigrationThatFailsEndsWithOneSentence() throws Exception {
        try (OwnPostgres database = OwnPostgres.start();
                Connection superuser = database.connect();
                Statement statement = superuser.createStatement()) {
            statement.execute("CREATE SCHEMA batch");
            List<String> said =
                    failure(directory.resolve("data"), Product.freePort(), database.settings(database.port()));
            assertThat(said.get(said.size() - 1))
                    .startsWith("The database could not be brought to this version: ")
                    .contains("schema \"batch\" already exists", "launcher.log");
        }
    }

    @Test
    void aSecondStartKeepsEverythingAndAStopLeavesNothing() {
        try (Product product = Product.startFromNothing("again", Map.of("COGNITIONOS_DEMO", "false"))) {
            Api operator = product.api();
            String tenant = operator.testTenant("keeper", "pro", "2026-01-31T00:00:00Z");
            Api key = operator.keyFor(tenant, "usage:write", "usage:read", "subscriptions:read");
            key.post("/v3/usage/events", "{\"id\": \"one\", \"meter\": \"executions\", \"quantity\": 3}")
                    .expect(202);
            List<ProcessHandle> family = product.family();
            assertThat(family).as("launcher, server and database").hasSizeGreaterThan(2);

            assertThat(product.stop()).as("ended by the signal").isEqualTo(143);

            product.start();
            assertThat(product.console()).doesNotContain("changes applied");
            assertThat(key.get("/v3/subscriptions/usage").expect(200).text()).contains("\"current_value\":3");
            assertThat(operator.get("/v3/tenants")
                            .expect(200)
                            .json()
                            .get("total")
                            .getAsInt())
                    .isEqualTo(1);

            assertThat(product.check()).startsWith("0 held: all 12 hold").contains("I1  held", "I12 held");
            new DatabaseOwner(product)
                    .update("UPDATE usage_counters SET used = used + 1 WHERE tenant_id = ?::uuid AND used = 3", tenant);
            assertThat(product.check())
                    .startsWith("1 broken: 1 of 12 do not hold")
                    .contains("I2  BROKEN", "tenant " + tenant + ": the counter of executions", "I12 held");
            product.stop();
            assertThat(product.check()).startsWith("2 Nothing answers at http://localhost:" + product.port());
        }
    }

    /** What the launcher says when it does not even begin: one line. */
    private String refusal(Path data, int port, Map<String, String> environment)
            throws IOException, InterruptedException {
        List<String> lines = failure(data, port, environment);
        assertThat(lines).hasSize(1);
        return lines.get(0);
    }

    /** What the launcher says when it does not start: a sentence in the end, and no stack trace. */
    private List<String> failure(Path data, int port, Map<String, String> environment)
            throws IOException, InterruptedException {
        Path output = directory.resolve("output.txt");
        Process launcher = Product.launch(data, port, environment, output);
        try {
            assertThat(launcher.waitFor(90, TimeUnit.SECONDS)).isTrue();
        } finally {
            launcher.destroyForcibly();
        }
        assertThat(launcher.exitValue()).isEqualTo(1);
        List<String> lines = Files.readAllLines(output);
        assertThat(lines).noneMatch(line -> line.contains("Exception"));
        assertThat(lines.get(lines.size() - 1)).endsWith(".");
        return lines;
    }
}
