package com.cognitionos.webhook.entity;

import java.util.UUID;

/** What a {@code webhook.ping} tells: whom it is for. */
public record PingNews(UUID endpointId) {}
