"""Pure knowledge: ingredients, windows, screening, aftercare, matching and claims, each rule with its source."""
