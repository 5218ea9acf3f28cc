package com.cognitionos.container.server;

import org.jboss.arquillian.core.spi.LoadableExtension;

/** Hooks database, server directory and the single deployment into Arquillian; found by its service file. */
public final class ProductUnderTest implements LoadableExtension {

    @Override
    public void register(ExtensionBuilder builder) {
        builder.observer(ServerSetup.class).observer(OneDeployment.class);
    }
}
