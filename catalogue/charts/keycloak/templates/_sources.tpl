{{/* Another sign-in service, by OpenID Connect. */}}
{{- define "keycloak.oidcSource" -}}
{{- $config := dict "issuer" .issuer "authorizationUrl" .authorizationUrl -}}
{{- $_ := merge $config (dict "tokenUrl" .tokenUrl "userInfoUrl" .userinfoUrl) -}}
{{- $_ := merge $config (dict "jwksUrl" .jwksUrl "useJwksUrl" "true" "validateSignature" "true") -}}
{{- $_ := merge $config (dict "clientId" .clientId "defaultScope" (join " " .scopes)) -}}
{{- $_ := set $config "clientAuthMethod" "client_secret_post" -}}
{{- $_ := set $config "clientSecret" (include "keycloak.placeholder" .variable) -}}
{{- $source := dict "alias" .name "displayName" .title "providerId" "oidc" "enabled" true -}}
{{ toPrettyJson (set $source "config" $config) }}
{{- end }}

{{/* What a source calls otherwise than OpenID Connect does. */}}
{{- define "keycloak.claim" -}}
{{- $config := dict "claim" .claim "user.attribute" .attribute "syncMode" "INHERIT" -}}
{{- $mapper := dict "name" .claim "identityProviderAlias" .source "config" $config -}}
{{- $_ := set $mapper "identityProviderMapper" "oidc-user-attribute-idp-mapper" -}}
{{ toPrettyJson $mapper }}
{{- end }}

{{/* The same by SAML. */}}
{{- define "keycloak.samlSource" -}}
{{- $config := dict "idpEntityId" .source.entityId "singleSignOnServiceUrl" .source.url -}}
{{- $_ := merge $config (dict "signingCertificate" .source.certificate) -}}
{{- $_ := merge $config (dict "validateSignature" "true" "postBindingResponse" "true") -}}
{{- $source := dict "alias" .source.name "displayName" .source.title "providerId" "saml" -}}
{{- $_ := merge $source (dict "enabled" true "config" $config) -}}
{{ toPrettyJson $source }}
{{- end }}

{{/* A directory. */}}
{{- define "keycloak.directory" -}}
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
{{- $_ := merge $config (dict "importEnabled" (list "true") "searchScope" (list "2")) -}}
{{- $one := dict "name" .name "providerId" "ldap" "config" $config -}}
{{- $_ := set $one "providerType" "org.keycloak.storage.UserStorageProvider" -}}
{{ toPrettyJson $one }}
{{- end }}

{{/* What is asked of people: what Keycloak asks by itself, and the domains of mail addresses. */}}
{{- define "keycloak.profile" -}}
{{- $both := dict "view" (list "admin" "user") "edit" (list "admin" "user") -}}
{{- $needed := dict "roles" (list "user") -}}
{{- $long := dict "max" 255 -}}
{{- $checks := dict "length" (dict "min" 3 "max" 255) "username-prohibited-characters" dict -}}
{{- $_ := set $checks "up-username-not-idn-homograph" dict -}}
{{- $username := dict "name" "username" "validations" $checks -}}
{{- $checks := dict "email" dict "length" $long -}}
{{- with .Values.emailDomains -}}
{{- $domains := list -}}
{{- range . }}{{ $domains = append $domains (regexQuoteMeta .) }}{{ end -}}
{{- $pattern := dict "pattern" (printf "^[^@]+@(%s)$" (join "|" $domains)) -}}
{{- $_ := set $checks "pattern" $pattern -}}
{{- end -}}
{{- $email := dict "name" "email" "required" $needed "validations" $checks -}}
{{- $attributes := list $username $email -}}
{{- range list "firstName" "lastName" -}}
{{- $checks := dict "length" $long "person-name-prohibited-characters" dict -}}
{{- $attributes = append $attributes (dict "name" . "required" $needed "validations" $checks) -}}
{{- end -}}
{{- range $attributes -}}
{{- $_ := merge . (dict "displayName" (printf "${%s}" .name) "permissions" $both) -}}
{{- end -}}
{{- $group := dict "name" "user-metadata" "displayHeader" "User metadata" -}}
{{- $_ := set $group "displayDescription" "Attributes, which refer to user metadata" -}}
{{ toPrettyJson (dict "attributes" $attributes "groups" (list $group)) }}
{{- end }}
