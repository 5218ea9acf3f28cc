@NullMarked
package com.cognitionos.catalog.entity;

import org.jspecify.annotations.NullMarked;
