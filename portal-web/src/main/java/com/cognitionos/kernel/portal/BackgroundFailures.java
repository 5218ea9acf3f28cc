package com.cognitionos.kernel.portal;

import com.cognitionos.kernel.Problem;
import jakarta.faces.FacesException;
import jakarta.faces.application.ViewExpiredException;
import jakarta.faces.context.ExceptionHandler;
import jakarta.faces.context.ExceptionHandlerFactory;
import jakarta.faces.context.ExceptionHandlerWrapper;
import jakarta.faces.context.ExternalContext;
import jakarta.faces.context.FacesContext;
import jakarta.faces.event.ExceptionQueuedEvent;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Iterator;

/**
 * Brings the error page also when a background request fails; the page would else stay as it was, and nobody would know.
 * What an action refuses to do for somebody's role is no fault of ours: 403.
 */
public class BackgroundFailures extends ExceptionHandlerFactory {

    private static final Logger LOG = System.getLogger(BackgroundFailures.class.getName());

    public BackgroundFailures(ExceptionHandlerFactory wrapped) {
        super(wrapped);
    }

    @Override
    public ExceptionHandler getExceptionHandler() {
        return new Handler(getWrapped().getExceptionHandler());
    }

    private static final class Handler extends ExceptionHandlerWrapper {

        Handler(ExceptionHandler wrapped) {
            super(wrapped);
        }

        @Override
        public void handle() throws FacesException {
            FacesContext faces = FacesContext.getCurrentInstance();
            Iterator<ExceptionQueuedEvent> events =
                    getUnhandledExceptionQueuedEvents().iterator();
            if (faces != null && events.hasNext()) {
                Throwable failure = events.next().getContext().getException();
                if (faces.getPartialViewContext().isAjaxRequest()) {
                    events.remove();
                    send(faces, failure);
                } else if (isRefusal(failure)) {
                    events.remove();
                    refuse(faces);
                }
            }
            super.handle();
        }

        private static boolean isRefusal(Throwable failure) {
            for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
                if (cause instanceof Problem problem) {
                    return problem.kind() == Problem.Kind.FORBIDDEN || problem.kind() == Problem.Kind.UNAUTHENTICATED;
                }
            }
            return false;
        }

        private static void refuse(FacesContext faces) {
            try {
                faces.getExternalContext().responseSendError(HttpServletResponse.SC_FORBIDDEN, null);
                faces.responseComplete();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private void send(FacesContext faces, Throwable failure) {
            boolean expired =
                    failure instanceof ViewExpiredException || getRootCause(failure) instanceof ViewExpiredException;
            boolean refused = isRefusal(failure);
            if (!expired && !refused) {
                LOG.log(Level.ERROR, "a background request of the portal failed", failure);
            }
            ExternalContext external = faces.getExternalContext();
            if (!external.isResponseCommitted()) {
                external.responseReset();
            }
            try {
                external.redirect(expired ? "/expired" : refused ? "/refused" : "/failed");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
