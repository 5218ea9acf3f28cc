package com.cognitionos.metering.control;

import com.cognitionos.kernel.Caller;
import com.cognitionos.metering.entity.LimitRefused;
import com.cognitionos.metering.entity.Refusal;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import java.util.Optional;

/** Lets others know that something was refused. */
@ApplicationScoped
public class Refusals {

    @Inject
    private Event<LimitRefused> limits;

    /** @return what it was given */
    public Optional<Refusal> noted(String meter, Optional<Refusal> refusal) {
        if (refusal.filter(why -> why.reason() == Refusal.Reason.LIMIT_REACHED).isPresent()) {
            limits.fire(new LimitRefused(Caller.currentTenant(), meter));
        }
        return refusal;
    }
}
