package com.cognitionos.identity.boundary;

import com.cognitionos.identity.entity.Role;
import com.cognitionos.kernel.TenantWall;
import jakarta.ejb.Stateless;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The other end of an invitation: whoever holds the link from the mail. Runs for the platform. */
@Stateless
@TenantWall
public class Invitations {

    /**
     * @param tenantName null for an invitation to the platform
     * @param known whether there is an account with the address, so that the person signs in rather than up
     */
    public record Offer(String email, @Nullable String tenantName, Role role, boolean known) {}

    /** @return empty for a link that never was, was used, withdrawn or has expired */
    public Optional<Offer> offer(String token) {
        throw new UnsupportedOperationException();
    }

    /**
     * A new person takes it: the account is made, its address is proven by the link.
     *
     * @return the user. @throws com.cognitionos.kernel.Problem NOT_FOUND for a bad link, INVALID, CONFLICT
     *     ({@code email_taken}) when there is an account already, PAYMENT_REQUIRED when the seats are full
     */
    public UUID acceptAsNew(String token, String name, String password) {
        throw new UnsupportedOperationException();
    }

    /** A signed-in person takes it. @throws com.cognitionos.kernel.Problem NOT_FOUND also when it is for another address */
    public void acceptAs(UUID user, String token) {
        throw new UnsupportedOperationException();
    }
}
