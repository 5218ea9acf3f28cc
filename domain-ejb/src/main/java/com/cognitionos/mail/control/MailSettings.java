package com.cognitionos.mail.control;

import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** What is configured about mail. */
@ApplicationScoped
public class MailSettings {

    @Inject
    @ConfigProperty(name = "cognitionos.mail.host")
    private Optional<String> host;

    @Inject
    @ConfigProperty(name = "cognitionos.mail.port", defaultValue = "587")
    private int port;

    @Inject
    @ConfigProperty(name = "cognitionos.mail.user")
    private Optional<String> user;

    @Inject
    @ConfigProperty(name = "cognitionos.mail.password")
    private Optional<String> password;

    @Inject
    @ConfigProperty(name = "cognitionos.mail.from", defaultValue = "CognitionOS <no-reply@localhost>")
    private String from;

    @Inject
    @ConfigProperty(name = "cognitionos.mail.starttls", defaultValue = "true")
    private boolean startTls;

    @Inject
    @ConfigProperty(name = "cognitionos.demo", defaultValue = "false")
    private boolean demo;

    @Inject
    @ConfigProperty(name = "cognitionos.data.dir", defaultValue = ".data")
    private String dataDirectory;

    private Optional<Transport> transport = Optional.empty();
    private Optional<MailFiles> files = Optional.empty();

    @PostConstruct
    void choose() {
        Optional<String> server = host.map(String::strip).filter(name -> !name.isEmpty());
        if (server.isPresent()) {
            transport = Optional.of(new Smtp(
                    server.get(),
                    port,
                    user.filter(name -> !name.isBlank()).orElse(null),
                    password.orElse(""),
                    from,
                    startTls));
        } else if (demo) {
            files = Optional.of(new MailFiles(Path.of(dataDirectory, "mail").toAbsolutePath(), from));
            transport = files.map(Transport.class::cast);
        }
    }

    /** Empty where mails have to wait. */
    Optional<Transport> transport() {
        return transport;
    }

    /** Where a demo puts its mails. */
    public Optional<MailFiles> files() {
        return files;
    }
}
