@NullMarked
package com.cognitionos.gateway.entity;

import org.jspecify.annotations.NullMarked;
