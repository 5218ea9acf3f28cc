package com.cognitionos.payment.boundary;

import com.cognitionos.payment.control.Providers;
import jakarta.annotation.PostConstruct;
import jakarta.ejb.Singleton;
import jakarta.ejb.Startup;
import jakarta.ejb.TransactionManagement;
import jakarta.ejb.TransactionManagementType;
import jakarta.inject.Inject;

/** The product does not start with a provider that it could not call (PAY-9). */
@Singleton
@Startup
@TransactionManagement(TransactionManagementType.BEAN)
public class ProviderCheck {

    @Inject
    private Providers providers;

    @PostConstruct
    void check() {
        providers.requireConfigured();
    }
}
