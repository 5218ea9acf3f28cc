package com.cognitionos.kernel.portal;

import jakarta.faces.FacesException;
import jakarta.faces.application.ViewExpiredException;
import jakarta.faces.context.ExceptionHandler;
import jakarta.faces.context.ExceptionHandlerFactory;
import jakarta.faces.context.ExceptionHandlerWrapper;
import jakarta.faces.context.ExternalContext;
import jakarta.faces.context.FacesContext;
import jakarta.faces.event.ExceptionQueuedEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Iterator;

/**
 * Brings the error page also when a background request fails; the page would else stay as it was, and nobody would know.
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
            if (faces != null && faces.getPartialViewContext().isAjaxRequest() && events.hasNext()) {
                Throwable failure = events.next().getContext().getException();
                events.remove();
                send(faces, failure);
            }
            super.handle();
        }

        private void send(FacesContext faces, Throwable failure) {
            boolean expired =
                    failure instanceof ViewExpiredException || getRootCause(failure) instanceof ViewExpiredException;
            if (!expired) {
                LOG.log(Level.ERROR, "a background request of the portal failed", failure);
            }
            ExternalContext external = faces.getExternalContext();
            if (!external.isResponseCommitted()) {
                external.responseReset();
            }
            try {
                external.redirect(expired ? "/expired" : "/failed");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
