package com.cognitionos.kernel.portal;

import com.cognitionos.kernel.Problem;
import jakarta.enterprise.context.RequestScoped;
import jakarta.faces.application.FacesMessage;
import jakarta.faces.component.UIComponent;
import jakarta.faces.component.UIInput;
import jakarta.faces.context.FacesContext;
import jakarta.inject.Inject;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Tells the person what happened: at the field when the domain named one, else on top. */
@RequestScoped
public class Messages {

    @Inject
    private FacesContext faces;

    public void done(String text) {
        faces.addMessage(null, new FacesMessage(FacesMessage.SEVERITY_INFO, text, null));
    }

    public void failed(String text) {
        faces.addMessage(null, new FacesMessage(FacesMessage.SEVERITY_ERROR, text, null));
    }

    public void failedAt(String clientId, String text) {
        UIComponent component = faces.getViewRoot().findComponent(clientId);
        if (component instanceof UIInput input) {
            input.setValid(false);
        }
        faces.addMessage(clientId, new FacesMessage(FacesMessage.SEVERITY_ERROR, text, null));
    }

    /** Does it, or tells why it was refused. @param fields as in {@link #show} @return whether it was done */
    public boolean attempt(Map<String, String> fields, Runnable change) {
        try {
            change.run();
            return true;
        } catch (Problem problem) {
            show(problem, fields);
            return false;
        }
    }

    /** @param fields from the problem's pointer or, for one without, its code to the field's client id */
    public void show(Problem problem, Map<String, String> fields) {
        String byCode = fields.get(problem.code());
        if (byCode != null) {
            failedAt(byCode, words(problem.code(), problem.getMessage()));
        } else if (problem.errors().isEmpty()) {
            failed(words(problem.code(), problem.getMessage()));
        }
        for (Problem.FieldError error : problem.errors()) {
            String field = fields.get(error.pointer());
            if (field == null) {
                failed(words(error.code(), error.detail()));
            } else {
                failedAt(field, words(error.code(), error.detail()));
            }
        }
    }

    /** What the code means to somebody who never saw it. */
    static String words(String code, @Nullable String detail) {
        return switch (code) {
            case "card_declined" -> "The bank declined the card. Nothing was charged; try another card.";
            case "no_payment_method" -> "There is no card on file yet. Add one under Billing first.";
            case "ahead_of_clock" ->
                "That lies ahead of the clock. Only test tenants, named one by one, can be billed ahead.";
            case "stale_version" ->
                "Somebody else changed it meanwhile, so nothing was changed now. Open it again to see how it stands.";
            default -> sentence(detail == null ? "That did not work; nothing was changed." : detail);
        };
    }

    private static String sentence(String text) {
        String capital = text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
        return capital.endsWith(".") ? capital : capital + ".";
    }
}
