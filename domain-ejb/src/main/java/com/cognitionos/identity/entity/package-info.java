@NullMarked
package com.cognitionos.identity.entity;

import org.jspecify.annotations.NullMarked;
