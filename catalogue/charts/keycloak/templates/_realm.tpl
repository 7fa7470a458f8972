{{/* Keycloak puts the variable's value in its place. */}}
{{- define "keycloak.placeholder" -}}
{{ printf "${%s}" . }}
{{- end }}

{{/* The realm as Keycloak imports it. */}}
{{- define "keycloak.realm" -}}
{{- $clients := list -}}
{{- $roles := dict -}}
{{- range .Values.clients -}}
{{- $client := dict "clientId" .id "name" .title "enabled" true "protocol" "openid-connect" -}}
{{- $_ := merge $client (dict "redirectUris" .redirectUris "publicClient" false) -}}
{{- $_ := merge $client (dict "standardFlowEnabled" true "implicitFlowEnabled" false) -}}
{{- $_ := merge $client (dict "directAccessGrantsEnabled" false) -}}
{{- $_ := set $client "secret" (include "keycloak.placeholder" .variable) -}}
{{- $clients = append $clients $client -}}
{{- $named := list -}}
{{- range .roles }}{{ $named = append $named (dict "name" .) }}{{ end -}}
{{- if $named }}{{ $_ := set $roles .id $named }}{{ end -}}
{{- end -}}
{{- $realm := dict "realm" .Values.realm.name "displayName" .Values.realm.title "enabled" true -}}
{{- $_ := merge $realm (dict "internationalizationEnabled" true) -}}
{{- $_ := set $realm "supportedLocales" (list "en" "fr") -}}
{{- $_ := merge $realm (dict "defaultLocale" .Values.realm.language "clients" $clients) -}}
{{- if $roles }}{{ $_ := set $realm "roles" (dict "client" $roles) }}{{ end -}}
{{- $sources := include "keycloak.sources" . | fromJsonArray -}}
{{- if $sources }}{{ $_ := set $realm "identityProviders" $sources }}{{ end -}}
{{- $components := include "keycloak.components" . | fromJson -}}
{{- if $components }}{{ $_ := set $realm "components" $components }}{{ end -}}
{{ toPrettyJson $realm }}
{{- end }}

{{/* Other sign-in services, by OpenID Connect and by SAML. */}}
{{- define "keycloak.sources" -}}
{{- $all := list -}}
{{- range .Values.oidcSources -}}
{{- $config := dict "issuer" .issuer "authorizationUrl" .authorizationUrl -}}
{{- $_ := merge $config (dict "tokenUrl" .tokenUrl "userInfoUrl" .userinfoUrl) -}}
{{- $_ := merge $config (dict "jwksUrl" .jwksUrl "useJwksUrl" "true" "validateSignature" "true") -}}
{{- $_ := merge $config (dict "clientId" .clientId "defaultScope" (join " " .scopes)) -}}
{{- $_ := set $config "clientSecret" (include "keycloak.placeholder" .variable) -}}
{{- $source := dict "alias" .name "displayName" .title "providerId" "oidc" "enabled" true -}}
{{- $all = append $all (set $source "config" $config) -}}
{{- end -}}
{{- range .Values.samlSources -}}
{{- $config := dict "idpEntityId" .entityId "singleSignOnServiceUrl" .url -}}
{{- $_ := merge $config (dict "signingCertificate" .certificate "validateSignature" "true") -}}
{{- $source := dict "alias" .name "displayName" .title "providerId" "saml" "enabled" true -}}
{{- $all = append $all (set $source "config" $config) -}}
{{- end -}}
{{ toJson $all }}
{{- end }}

{{/* Directories, and what mail addresses must look like. */}}
{{- define "keycloak.components" -}}
{{- $all := dict -}}
{{- $directories := list -}}
{{- range .Values.directories -}}
{{- $isAd := eq .vendor "ad" -}}
{{- $classes := ternary "person, organizationalPerson, user"
      "inetOrgPerson, organizationalPerson" $isAd -}}
{{- $config := dict "vendor" (list .vendor) "connectionUrl" (list .url) -}}
{{- $_ := set $config "usersDn" (list .usersDn) -}}
{{- $_ := merge $config (dict "authType" (list "simple") "bindDn" (list .bindDn)) -}}
{{- $secret := include "keycloak.placeholder" .variable -}}
{{- $_ := merge $config (dict "bindCredential" (list $secret) "editMode" (list "READ_ONLY")) -}}
{{- $_ := merge $config (dict "usernameLDAPAttribute" (list .usernameAttribute)) -}}
{{- $_ := set $config "rdnLDAPAttribute" (list (ternary "cn" .usernameAttribute $isAd)) -}}
{{- $_ := set $config "uuidLDAPAttribute" (list (ternary "objectGUID" "entryUUID" $isAd)) -}}
{{- $_ := merge $config (dict "userObjectClasses" (list $classes) "enabled" (list "true")) -}}
{{- $one := dict "name" .name "providerId" "ldap" "config" $config -}}
{{- $directories = append $directories $one -}}
{{- end -}}
{{- if $directories -}}
{{- $_ := set $all "org.keycloak.storage.UserStorageProvider" $directories -}}
{{- end -}}
{{- with .Values.emailDomains -}}
{{- $domains := list -}}
{{- range . }}{{ $domains = append $domains (regexQuoteMeta .) }}{{ end -}}
{{- $pattern := dict "pattern" (printf "^[^@]+@(%s)$" (join "|" $domains)) -}}
{{- $both := dict "view" (list "admin" "user") "edit" (list "admin" "user") -}}
{{- $email := dict "name" "email" "validations" (dict "email" dict "pattern" $pattern) -}}
{{- $attributes := list (dict "name" "username" "permissions" $both) -}}
{{- $attributes = append $attributes (set $email "permissions" $both) -}}
{{- range list "firstName" "lastName" -}}
{{- $attributes = append $attributes (dict "name" . "permissions" $both) -}}
{{- end -}}
{{- $profile := dict "kc.user.profile.config" (list (toJson (dict "attributes" $attributes))) -}}
{{- $component := dict "providerId" "declarative-user-profile" "config" $profile -}}
{{- $_ := set $all "org.keycloak.userprofile.UserProfileProvider" (list $component) -}}
{{- end -}}
{{ toJson $all }}
{{- end }}
