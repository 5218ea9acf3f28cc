package com.cognitionos.container;

import com.cognitionos.container.server.Product;
import jakarta.inject.Inject;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.shrinkwrap.api.Archive;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.ResourceLock;

/** A test class inside the server. All of them share one deployment, whichever comes first. */
@ExtendWith(ArquillianExtension.class)
@ResourceLock("the server of the container tests")
abstract class InContainer {

    @Inject
    World world;

    @Inject
    Owner owner;

    @Inject
    Probe probe;

    @Inject
    Crowd crowd;

    @Deployment
    public static Archive<?> product() {
        return Product.withTests(InContainer.class.getPackage());
    }
}
