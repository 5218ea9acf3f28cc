package com.cognitionos.invoicing.rest;

import com.cognitionos.invoicing.entity.DocumentFile;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;

/** Invoices and credit notes as files. */
final class Documents {

    static final String PDF = "application/pdf";

    private Documents() {}

    static Response reply(DocumentFile file) {
        return Response.ok(file.content(), file.mediaType())
                .header(HttpHeaders.CONTENT_DISPOSITION, "inline; filename=\"" + file.name() + "\"")
                .build();
    }
}
