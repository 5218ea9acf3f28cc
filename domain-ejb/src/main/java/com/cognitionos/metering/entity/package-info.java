@NullMarked
package com.cognitionos.metering.entity;

import org.jspecify.annotations.NullMarked;
