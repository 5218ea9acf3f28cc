package com.cognitionos.kernel.portal;

import jakarta.faces.context.FacesContext;
import jakarta.faces.event.PhaseEvent;
import jakarta.faces.event.PhaseId;
import jakarta.faces.event.PhaseListener;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.primefaces.context.PrimeFacesContext;
import org.primefaces.csp.CspException;

/**
 * Refuses a form without the nonce of its page, or with another: 400, before anything is done (POR-9). PrimeFaces itself
 * would find out while it renders the answer, when the action has happened, and fail.
 */
public class NonceCheck implements PhaseListener {

    private static final long serialVersionUID = 1L;

    @Override
    public PhaseId getPhaseId() {
        return PhaseId.RESTORE_VIEW;
    }

    @Override
    public void afterPhase(PhaseEvent event) {
        FacesContext faces = event.getFacesContext();
        boolean carriesOne = faces.isPostback() || faces.getPartialViewContext().isAjaxRequest();
        if (!carriesOne || faces.getViewRoot() == null || faces.getResponseComplete()) {
            return;
        }
        try {
            PrimeFacesContext.getCspState(faces).getNonce();
        } catch (CspException noneOrAnother) {
            refuse(faces);
        }
    }

    private static void refuse(FacesContext faces) {
        try {
            faces.getExternalContext().responseSendError(HttpServletResponse.SC_BAD_REQUEST, null);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        faces.responseComplete();
    }
}
