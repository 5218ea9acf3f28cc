package com.cognitionos.invoicing.entity;

/** A document as it is handed out. */
public record DocumentFile(String name, String mediaType, byte[] content) {}
