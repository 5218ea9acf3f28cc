package com.cognitionos.identity.control;

import com.cognitionos.entitlement.boundary.FeatureUse;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

/** Counts the members of the caller's tenant. */
@ApplicationScoped
public class SeatsInUse implements FeatureUse {

    @Inject
    private Seats seats;

    @Override
    public String feature() {
        return "seats";
    }

    @Override
    public long current() {
        return seats.members();
    }
}
