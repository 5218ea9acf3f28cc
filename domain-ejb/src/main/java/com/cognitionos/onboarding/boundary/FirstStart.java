package com.cognitionos.onboarding.boundary;

import com.cognitionos.gateway.boundary.PlatformKeys;
import com.cognitionos.kernel.Caller;
import com.cognitionos.onboarding.control.PrivateFile;
import com.cognitionos.onboarding.control.StartGate;
import jakarta.annotation.PostConstruct;
import jakarta.ejb.EJB;
import jakarta.ejb.Singleton;
import jakarta.ejb.Startup;
import jakarta.ejb.TransactionManagement;
import jakarta.ejb.TransactionManagementType;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.util.Optional;
import java.util.logging.Logger;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * What must be so before the doors open: a database that is ready, a safe role in it, an operator key, and the demo world
 * where wanted. Nothing before it may ask the database.
 */
@Singleton
@Startup
@TransactionManagement(TransactionManagementType.BEAN)
public class FirstStart {

    private static final Logger LOG = Logger.getLogger(FirstStart.class.getName());
    private static final Caller CALLER = Caller.job("first-start");

    @Inject
    @ConfigProperty(name = "cognitionos.data.dir", defaultValue = ".data")
    private String dataDirectory;

    @Inject
    @ConfigProperty(name = "cognitionos.bootstrap.operator-key")
    private Optional<String> bootstrapKey;

    @Inject
    @ConfigProperty(name = "cognitionos.operator.key")
    private Optional<String> operatorKey;

    @Inject
    @ConfigProperty(name = "cognitionos.start.gate")
    private Optional<Path> gate;

    @Inject
    @ConfigProperty(name = "cognitionos.demo", defaultValue = "false")
    private boolean demo;

    @EJB
    private Installation installation;

    @EJB
    private PlatformKeys keys;

    @EJB
    private DemoWorld demoWorld;

    @PostConstruct
    void open() {
        gate.ifPresent(StartGate::await);
        CALLER.run(() -> {
            installation.faultOfDatabaseRole().ifPresent(fault -> {
                throw new IllegalStateException("The application's database role " + fault
                        + ", so tenants would not be kept apart. Sign in as cog_app, which the migration makes.");
            });
            operatorKey();
            if (demo) {
                demoWorld.tell(Path.of(dataDirectory));
            }
        });
    }

    private void operatorKey() {
        Optional<String> configured = bootstrapKey.or(() -> operatorKey).filter(key -> !key.isBlank());
        if (configured.isPresent()) {
            keys.bootstrapOperator(configured.get().strip());
        } else if (!keys.anyPlatformKey()) {
            Path file = Path.of(dataDirectory, "operator.key");
            String key = keys.newKey();
            // First the file, then the row: a crash in between leaves a file that the next start overwrites, never a
            // key that nobody knows.
            PrivateFile.write(file, key + "\n");
            keys.bootstrapOperator(key);
            LOG.info(() -> "The operator key was written to " + file.toAbsolutePath());
        }
    }
}
