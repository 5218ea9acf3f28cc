package com.cognitionos.tenancy.boundary;

import jakarta.ejb.Local;
import java.util.UUID;

/** Takes a test clock to its target with all that falls due on the way; the batch module does it. */
@Local
public interface ClockMover {

    /** Returns at once. Moving a clock that is under way changes nothing. */
    void move(UUID tenant);
}
